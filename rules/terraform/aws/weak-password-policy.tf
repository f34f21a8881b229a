resource "aws_iam_account_password_policy" "bad0" {
  # ruleid: terraform.aws.weak-password-policy
  minimum_password_length = 8
}
resource "aws_iam_account_password_policy" "bad1" {
  # ruleid: terraform.aws.weak-password-policy
  minimum_password_length = 6
}
resource "aws_iam_account_password_policy" "bad2" {
  # ruleid: terraform.aws.weak-password-policy
  require_numbers = false
}
resource "aws_iam_account_password_policy" "good0" {
  # ok: terraform.aws.weak-password-policy
  minimum_password_length = 14
}
resource "aws_iam_account_password_policy" "good1" {
  # ok: terraform.aws.weak-password-policy
  require_numbers = true
}
resource "other_thing" "near" {
  # ok: terraform.aws.weak-password-policy
  minimum_password_length = 8
}
