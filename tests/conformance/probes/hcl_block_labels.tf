# ruleid: hcl-block-labels
resource "a" "x" {
}
resource "b" "x" {
}
