# ruleid: terraform.aws.queue-encryption-missing
resource "aws_sqs_queue" "bad0" {
  name = "a"
}
# ruleid: terraform.aws.queue-encryption-missing
resource "aws_sns_topic" "bad1" {
  name = "a"
}
# ruleid: terraform.aws.queue-encryption-missing
resource "aws_sqs_queue" "bad2" {
  name = "a"
}
# ok: terraform.aws.queue-encryption-missing
resource "aws_sqs_queue" "good0" {
  name = "a"
  kms_master_key_id = "alias/a"
}
# ok: terraform.aws.queue-encryption-missing
resource "aws_sns_topic" "good1" {
  name = "a"
  kms_master_key_id = "alias/a"
}
# ok: terraform.aws.queue-encryption-missing
resource "other_thing" "near" {
  name = "a"
}
