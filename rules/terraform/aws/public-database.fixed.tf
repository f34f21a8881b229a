resource "aws_rds_cluster_instance" "bad1" {
  # ruleid: terraform.aws.public-database
  publicly_accessible = false
}
resource "aws_redshift_cluster" "bad2" {
  # ruleid: terraform.aws.public-database
  publicly_accessible = false
}
resource "aws_dms_replication_instance" "bad3" {
  # ruleid: terraform.aws.public-database
  publicly_accessible = false
}
resource "aws_db_instance" "good4" {
  # ok: terraform.aws.public-database
  publicly_accessible = false
}
resource "aws_rds_cluster_instance" "good5" {
  # ok: terraform.aws.public-database
  multi_az = true
}
resource "aws_redshift_cluster" "good6" {
  # ok: terraform.aws.public-database
  publicly_accessible = false
}
resource "other_thing" "near" {
  # ok: terraform.aws.public-database
  publicly_accessible = true
}
