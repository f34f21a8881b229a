# ruleid: terraform.aws.distribution-logs-missing
resource "aws_cloudfront_distribution" "bad0" {
  enabled = true
}
# ruleid: terraform.aws.distribution-logs-missing
resource "aws_cloudfront_distribution" "bad1" {
  enabled = true
}
# ruleid: terraform.aws.distribution-logs-missing
resource "aws_cloudfront_distribution" "bad2" {
  enabled = true
}
# ok: terraform.aws.distribution-logs-missing
resource "aws_cloudfront_distribution" "good0" {
  enabled = true
  logging_config {
    bucket = "logs"
  }
}
# ok: terraform.aws.distribution-logs-missing
resource "aws_cloudfront_distribution" "good1" {
  enabled = true
  logging_config {
    bucket = "logs"
  }
}
# ok: terraform.aws.distribution-logs-missing
resource "other_thing" "near" {
  enabled = true
}
