# ruleid: hcl_empty_block
resource "bucket" "a" {
  acl = "private"
}
# ruleid: hcl_empty_block
resource "bucket" "b" {
}
resource "queue" "c" {
}
