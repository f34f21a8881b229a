resource "aws_rds_cluster" "bad1" {
  # ruleid: terraform.aws.hard-coded-password
  password = "hunter42x"
}
resource "aws_redshift_cluster" "bad2" {
  # ruleid: terraform.aws.hard-coded-password
  master_password = "hunter42x"
}
resource "aws_docdb_cluster" "bad3" {
  # ruleid: terraform.aws.hard-coded-password
  password = "hunter42x"
}
resource "aws_db_instance" "good4" {
  # ok: terraform.aws.hard-coded-password
  password = var.password
}
resource "aws_rds_cluster" "good5" {
  # ok: terraform.aws.hard-coded-password
  manage_master_user_password = true
}
resource "aws_redshift_cluster" "good6" {
  # ok: terraform.aws.hard-coded-password
  master_password = random_password.db.result
}
resource "other_thing" "near" {
  # ok: terraform.aws.hard-coded-password
  password = "hunter42x"
}
