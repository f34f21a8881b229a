resource "aws_s3_account_public_access_block" "bad1" {
  # ruleid: terraform.aws.public-access-not-blocked
  block_public_acls = true
}
resource "aws_s3_bucket_public_access_block" "bad2" {
  # ruleid: terraform.aws.public-access-not-blocked
  block_public_policy = true
}
resource "aws_s3_account_public_access_block" "bad3" {
  # ruleid: terraform.aws.public-access-not-blocked
  ignore_public_acls = true
}
resource "aws_s3_bucket_public_access_block" "good4" {
  # ok: terraform.aws.public-access-not-blocked
  block_public_acls = true
}
resource "aws_s3_account_public_access_block" "good5" {
  # ok: terraform.aws.public-access-not-blocked
  block_public_policy = true
}
resource "aws_s3_bucket_public_access_block" "good6" {
  # ok: terraform.aws.public-access-not-blocked
  restrict_public_buckets = true
}
resource "other_thing" "near" {
  # ok: terraform.aws.public-access-not-blocked
  block_public_acls = false
}
