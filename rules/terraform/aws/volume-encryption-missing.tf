# ruleid: terraform.aws.volume-encryption-missing
resource "aws_ebs_volume" "bad0" {
  size = 10
}
# ruleid: terraform.aws.volume-encryption-missing
resource "aws_efs_file_system" "bad1" {
  size = 10
}
# ruleid: terraform.aws.volume-encryption-missing
resource "aws_ebs_volume" "bad2" {
  size = 10
}
# ok: terraform.aws.volume-encryption-missing
resource "aws_ebs_volume" "good0" {
  size = 10
  encrypted = true
}
# ok: terraform.aws.volume-encryption-missing
resource "aws_efs_file_system" "good1" {
  size = 10
  encrypted = true
}
# ok: terraform.aws.volume-encryption-missing
resource "other_thing" "near" {
  size = 10
}
