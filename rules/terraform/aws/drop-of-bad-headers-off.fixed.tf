resource "aws_lb" "bad0" {
  # ruleid: terraform.aws.drop-of-bad-headers-off
  drop_invalid_header_fields = true
}
resource "aws_alb" "bad1" {
  # ruleid: terraform.aws.drop-of-bad-headers-off
  drop_invalid_header_fields = true
}
resource "aws_lb" "bad2" {
  # ruleid: terraform.aws.drop-of-bad-headers-off
  drop_invalid_header_fields = true
}
resource "aws_lb" "good0" {
  # ok: terraform.aws.drop-of-bad-headers-off
  drop_invalid_header_fields = true
}
resource "aws_alb" "good1" {
  # ok: terraform.aws.drop-of-bad-headers-off
  name = "a"
}
resource "other_thing" "near" {
  # ok: terraform.aws.drop-of-bad-headers-off
  drop_invalid_header_fields = false
}
