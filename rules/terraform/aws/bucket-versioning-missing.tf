# ruleid: terraform.aws.bucket-versioning-missing
resource "aws_s3_bucket" "bad0" {
  bucket = "a"
}
# ruleid: terraform.aws.bucket-versioning-missing
resource "aws_s3_bucket" "bad1" {
  bucket = "a"
}
# ruleid: terraform.aws.bucket-versioning-missing
resource "aws_s3_bucket" "bad2" {
  bucket = "a"
}
# ok: terraform.aws.bucket-versioning-missing
resource "aws_s3_bucket" "good0" {
  bucket = "a"
  versioning {
    enabled = true
  }
}
# ok: terraform.aws.bucket-versioning-missing
resource "aws_s3_bucket" "good1" {
  bucket = "a"
  versioning {
    enabled = true
  }
}
# ok: terraform.aws.bucket-versioning-missing
resource "other_thing" "near" {
  bucket = "a"
}
