resource "aws_efs_file_system" "bad1" {
  # ruleid: terraform.aws.unencrypted-volume
  encrypted = true
}
resource "aws_ebs_snapshot_copy" "bad2" {
  # ruleid: terraform.aws.unencrypted-volume
  encrypted = true
}
resource "aws_instance" "bad3" {
  # ruleid: terraform.aws.unencrypted-volume
  encrypted = true
}
resource "aws_launch_template" "good4" {
  # ok: terraform.aws.unencrypted-volume
  encrypted = true
}
resource "aws_ebs_volume" "good5" {
  # ok: terraform.aws.unencrypted-volume
  encrypted = var.encrypted
}
resource "aws_efs_file_system" "good6" {
  # ok: terraform.aws.unencrypted-volume
  encrypted = true
}
resource "other_thing" "near" {
  # ok: terraform.aws.unencrypted-volume
  encrypted = false
}
