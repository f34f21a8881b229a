resource "aws_rds_cluster" "bad1" {
  # ruleid: terraform.aws.unencrypted-database
  storage_encrypted = true
}
resource "aws_docdb_cluster" "bad2" {
  # ruleid: terraform.aws.unencrypted-database
  storage_encrypted = true
}
resource "aws_neptune_cluster" "bad3" {
  # ruleid: terraform.aws.unencrypted-database
  storage_encrypted = true
}
resource "aws_db_instance" "good4" {
  # ok: terraform.aws.unencrypted-database
  storage_encrypted = true
}
resource "aws_rds_cluster" "good5" {
  # ok: terraform.aws.unencrypted-database
  storage_encrypted = var.encrypted
}
resource "aws_docdb_cluster" "good6" {
  # ok: terraform.aws.unencrypted-database
  storage_encrypted = true
}
resource "other_thing" "near" {
  # ok: terraform.aws.unencrypted-database
  storage_encrypted = false
}
