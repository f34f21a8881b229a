resource "aws_kinesis_stream" "bad1" {
  # ruleid: terraform.aws.unencrypted-queue
  sqs_managed_sse_enabled = true
}
resource "aws_sqs_queue" "bad2" {
  # ruleid: terraform.aws.unencrypted-queue
  encryption_type = "NONE"
}
resource "aws_kinesis_stream" "bad3" {
  # ruleid: terraform.aws.unencrypted-queue
  sqs_managed_sse_enabled = true
}
resource "aws_sqs_queue" "good4" {
  # ok: terraform.aws.unencrypted-queue
  sqs_managed_sse_enabled = true
}
resource "aws_kinesis_stream" "good5" {
  # ok: terraform.aws.unencrypted-queue
  encryption_type = "KMS"
}
resource "aws_sqs_queue" "good6" {
  # ok: terraform.aws.unencrypted-queue
  sqs_managed_sse_enabled = true
}
resource "other_thing" "near" {
  # ok: terraform.aws.unencrypted-queue
  sqs_managed_sse_enabled = false
}
