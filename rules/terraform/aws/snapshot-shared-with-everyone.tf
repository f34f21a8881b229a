resource "aws_db_snapshot" "bad0" {
  # ruleid: terraform.aws.snapshot-shared-with-everyone
  shared_accounts = ["all"]
}
resource "aws_db_snapshot" "bad1" {
  # ruleid: terraform.aws.snapshot-shared-with-everyone
  shared_accounts = ["all"]
}
resource "aws_db_snapshot" "bad2" {
  # ruleid: terraform.aws.snapshot-shared-with-everyone
  shared_accounts = ["all"]
}
resource "aws_db_snapshot" "good0" {
  # ok: terraform.aws.snapshot-shared-with-everyone
  shared_accounts = ["123456789012"]
}
resource "aws_db_snapshot" "good1" {
  # ok: terraform.aws.snapshot-shared-with-everyone
  db_instance_identifier = "a"
}
resource "other_thing" "near" {
  # ok: terraform.aws.snapshot-shared-with-everyone
  shared_accounts = ["all"]
}
