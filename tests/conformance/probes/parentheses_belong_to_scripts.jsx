function One() {
  // ruleid: parentheses_belong_to_scripts
  return (
    <a href="x" />
  );
}
const two = [
  // ruleid: parentheses_belong_to_scripts
  <a href="x" />,
];
