resource "aws_secretsmanager_secret" "bad0" {
  # ruleid: terraform.aws.secret-without-recovery
  recovery_window_in_days = 30
}
resource "aws_secretsmanager_secret" "bad1" {
  # ruleid: terraform.aws.secret-without-recovery
  recovery_window_in_days = 30
}
resource "aws_secretsmanager_secret" "bad2" {
  # ruleid: terraform.aws.secret-without-recovery
  recovery_window_in_days = 30
}
resource "aws_secretsmanager_secret" "good0" {
  # ok: terraform.aws.secret-without-recovery
  recovery_window_in_days = 30
}
resource "aws_secretsmanager_secret" "good1" {
  # ok: terraform.aws.secret-without-recovery
  name = "a"
}
resource "other_thing" "near" {
  # ok: terraform.aws.secret-without-recovery
  recovery_window_in_days = 0
}
