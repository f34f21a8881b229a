# ruleid: terraform.aws.database-encryption-missing
resource "aws_db_instance" "bad0" {
  engine = "postgres"
}
# ruleid: terraform.aws.database-encryption-missing
resource "aws_rds_cluster" "bad1" {
  engine = "postgres"
}
# ruleid: terraform.aws.database-encryption-missing
resource "aws_db_instance" "bad2" {
  engine = "postgres"
}
# ok: terraform.aws.database-encryption-missing
resource "aws_db_instance" "good0" {
  engine = "postgres"
  storage_encrypted = true
}
# ok: terraform.aws.database-encryption-missing
resource "aws_rds_cluster" "good1" {
  engine = "postgres"
  storage_encrypted = true
}
# ok: terraform.aws.database-encryption-missing
resource "other_thing" "near" {
  engine = "postgres"
}
