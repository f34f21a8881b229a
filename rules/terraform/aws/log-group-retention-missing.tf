# ruleid: terraform.aws.log-group-retention-missing
resource "aws_cloudwatch_log_group" "bad0" {
  name = "a"
}
# ruleid: terraform.aws.log-group-retention-missing
resource "aws_cloudwatch_log_group" "bad1" {
  name = "a"
}
# ruleid: terraform.aws.log-group-retention-missing
resource "aws_cloudwatch_log_group" "bad2" {
  name = "a"
}
# ok: terraform.aws.log-group-retention-missing
resource "aws_cloudwatch_log_group" "good0" {
  name = "a"
  retention_in_days = 365
}
# ok: terraform.aws.log-group-retention-missing
resource "aws_cloudwatch_log_group" "good1" {
  name = "a"
  retention_in_days = 365
}
# ok: terraform.aws.log-group-retention-missing
resource "other_thing" "near" {
  name = "a"
}
