# ruleid: hcl_attribute_not_nested
resource "bucket" "a" {
  enabled = false
}
resource "bucket" "b" {
  logging {
    enabled = false
  }
}
