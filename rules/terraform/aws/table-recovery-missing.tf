# ruleid: terraform.aws.table-recovery-missing
resource "aws_dynamodb_table" "bad0" {
  name = "a"
}
# ruleid: terraform.aws.table-recovery-missing
resource "aws_dynamodb_table" "bad1" {
  name = "a"
}
# ruleid: terraform.aws.table-recovery-missing
resource "aws_dynamodb_table" "bad2" {
  name = "a"
}
# ok: terraform.aws.table-recovery-missing
resource "aws_dynamodb_table" "good0" {
  name = "a"
  point_in_time_recovery {
    enabled = true
  }
}
# ok: terraform.aws.table-recovery-missing
resource "aws_dynamodb_table" "good1" {
  name = "a"
  point_in_time_recovery {
    enabled = true
  }
}
# ok: terraform.aws.table-recovery-missing
resource "other_thing" "near" {
  name = "a"
}
