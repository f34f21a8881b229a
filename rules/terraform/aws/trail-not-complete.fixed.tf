resource "aws_cloudtrail" "bad1" {
  # ruleid: terraform.aws.trail-not-complete
  is_multi_region_trail = true
}
resource "aws_cloudtrail" "bad2" {
  # ruleid: terraform.aws.trail-not-complete
  enable_log_file_validation = true
}
resource "aws_cloudtrail" "bad3" {
  # ruleid: terraform.aws.trail-not-complete
  enable_logging = true
}
resource "aws_cloudtrail" "good4" {
  # ok: terraform.aws.trail-not-complete
  is_multi_region_trail = true
}
resource "aws_cloudtrail" "good5" {
  # ok: terraform.aws.trail-not-complete
  enable_log_file_validation = true
}
resource "aws_cloudtrail" "good6" {
  # ok: terraform.aws.trail-not-complete
  include_global_service_events = true
}
resource "other_thing" "near" {
  # ok: terraform.aws.trail-not-complete
  is_multi_region_trail = false
}
