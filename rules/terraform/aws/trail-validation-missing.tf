# ruleid: terraform.aws.trail-validation-missing
resource "aws_cloudtrail" "bad0" {
  name = "a"
}
# ruleid: terraform.aws.trail-validation-missing
resource "aws_cloudtrail" "bad1" {
  name = "a"
}
# ruleid: terraform.aws.trail-validation-missing
resource "aws_cloudtrail" "bad2" {
  name = "a"
}
# ok: terraform.aws.trail-validation-missing
resource "aws_cloudtrail" "good0" {
  name = "a"
  enable_log_file_validation = true
}
# ok: terraform.aws.trail-validation-missing
resource "aws_cloudtrail" "good1" {
  name = "a"
  enable_log_file_validation = true
}
# ok: terraform.aws.trail-validation-missing
resource "other_thing" "near" {
  name = "a"
}
