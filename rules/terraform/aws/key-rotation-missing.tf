# ruleid: terraform.aws.key-rotation-missing
resource "aws_kms_key" "bad0" {
  description = "a"
}
# ruleid: terraform.aws.key-rotation-missing
resource "aws_kms_key" "bad1" {
  description = "a"
}
# ruleid: terraform.aws.key-rotation-missing
resource "aws_kms_key" "bad2" {
  description = "a"
}
# ok: terraform.aws.key-rotation-missing
resource "aws_kms_key" "good0" {
  description = "a"
  enable_key_rotation = true
}
# ok: terraform.aws.key-rotation-missing
resource "aws_kms_key" "good1" {
  description = "a"
  enable_key_rotation = true
}
# ok: terraform.aws.key-rotation-missing
resource "other_thing" "near" {
  description = "a"
}
