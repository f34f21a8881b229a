# ruleid: hcl_label_text
resource "bucket" "plain" {
  acl = "private"
}
resource "bucket" "with_2" {
  acl = "private"
}
