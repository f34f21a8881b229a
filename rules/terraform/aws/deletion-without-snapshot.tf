resource "aws_db_instance" "bad0" {
  # ruleid: terraform.aws.deletion-without-snapshot
  skip_final_snapshot = true
}
resource "aws_rds_cluster" "bad1" {
  # ruleid: terraform.aws.deletion-without-snapshot
  skip_final_snapshot = true
}
resource "aws_db_instance" "bad2" {
  # ruleid: terraform.aws.deletion-without-snapshot
  skip_final_snapshot = true
}
resource "aws_db_instance" "good0" {
  # ok: terraform.aws.deletion-without-snapshot
  skip_final_snapshot = false
}
resource "aws_rds_cluster" "good1" {
  # ok: terraform.aws.deletion-without-snapshot
  engine = "postgres"
}
resource "other_thing" "near" {
  # ok: terraform.aws.deletion-without-snapshot
  skip_final_snapshot = true
}
