resource "aws_kms_key" "bad0" {
  # ruleid: terraform.aws.key-deletion-fast
  deletion_window_in_days = 30
}
resource "aws_kms_key" "bad1" {
  # ruleid: terraform.aws.key-deletion-fast
  deletion_window_in_days = 30
}
resource "aws_kms_key" "bad2" {
  # ruleid: terraform.aws.key-deletion-fast
  deletion_window_in_days = 30
}
resource "aws_kms_key" "good0" {
  # ok: terraform.aws.key-deletion-fast
  deletion_window_in_days = 30
}
resource "aws_kms_key" "good1" {
  # ok: terraform.aws.key-deletion-fast
  description = "a"
}
resource "other_thing" "near" {
  # ok: terraform.aws.key-deletion-fast
  deletion_window_in_days = 7
}
