export function One() {
  const text = window.location.hash.slice(1);
  // ruleid: javascript.react.dangerous-html
  return <div dangerouslySetInnerHTML={{ __html: text }} />;
}
export function Two() {
  // ruleid: javascript.react.dangerous-html
  return <div dangerouslySetInnerHTML={{ __html: document.referrer }} />;
}
export function Three() {
  const params = useSearchParams();
  // ruleid: javascript.react.dangerous-html
  return <p dangerouslySetInnerHTML={{ __html: params.get("note") }} />;
}
export function Four() {
  // ok: javascript.react.dangerous-html
  return <p dangerouslySetInnerHTML={{ __html: DOMPurify.sanitize(window.location.hash) }} />;
}
export function Five() {
  // ok: javascript.react.dangerous-html
  return <p>{window.location.hash}</p>;
}
export function Six() {
  // ok: javascript.react.dangerous-html
  return <p dangerouslySetInnerHTML={{ __html: "<b>fixed</b>" }} />;
}
