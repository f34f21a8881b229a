# ruleid: terraform.aws.trail-encryption-missing
resource "aws_cloudtrail" "bad0" {
  name = "a"
}
# ruleid: terraform.aws.trail-encryption-missing
resource "aws_cloudtrail" "bad1" {
  name = "a"
}
# ruleid: terraform.aws.trail-encryption-missing
resource "aws_cloudtrail" "bad2" {
  name = "a"
}
# ok: terraform.aws.trail-encryption-missing
resource "aws_cloudtrail" "good0" {
  name = "a"
  kms_key_id = aws_kms_key.a.arn
}
# ok: terraform.aws.trail-encryption-missing
resource "aws_cloudtrail" "good1" {
  name = "a"
  kms_key_id = aws_kms_key.a.arn
}
# ok: terraform.aws.trail-encryption-missing
resource "other_thing" "near" {
  name = "a"
}
