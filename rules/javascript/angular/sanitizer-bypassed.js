class Page {
  constructor(sanitizer, text) {
    // ruleid: javascript.angular.sanitizer-bypassed
    this.one = sanitizer.bypassSecurityTrustHtml(text);
    // ruleid: javascript.angular.sanitizer-bypassed
    this.two = sanitizer.bypassSecurityTrustScript(text);
    // ruleid: javascript.angular.sanitizer-bypassed
    this.three = this.sanitizer.bypassSecurityTrustResourceUrl("https://x/" + text);
    // ok: javascript.angular.sanitizer-bypassed
    this.four = sanitizer.bypassSecurityTrustHtml("<b>fixed</b>");
    // ok: javascript.angular.sanitizer-bypassed
    this.five = sanitizer.sanitize(SecurityContext.HTML, text);
    // ok: javascript.angular.sanitizer-bypassed
    this.six = sanitizer.trust(text);
  }
}
