# ruleid: hcl-block
resource "aws_s3_bucket" "a" {
  x   = 1
  acl = "public"
}
resource "aws_s3_bucket" "b" {
  acl = "private"
}
