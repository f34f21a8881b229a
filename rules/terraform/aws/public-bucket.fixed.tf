resource "aws_s3_bucket_acl" "bad1" {
  # ruleid: terraform.aws.public-bucket
  acl = "private"
}
resource "aws_s3_bucket" "bad2" {
  # ruleid: terraform.aws.public-bucket
  acl = "private"
}
resource "aws_s3_bucket_acl" "bad3" {
  # ruleid: terraform.aws.public-bucket
  acl = "private"
}
resource "aws_s3_bucket" "good4" {
  # ok: terraform.aws.public-bucket
  acl = "private"
}
resource "aws_s3_bucket_acl" "good5" {
  # ok: terraform.aws.public-bucket
  acl = "log-delivery-write"
}
resource "aws_s3_bucket" "good6" {
  # ok: terraform.aws.public-bucket
  acl = var.acl
}
resource "other_thing" "near" {
  # ok: terraform.aws.public-bucket
  acl = "public-read"
}
