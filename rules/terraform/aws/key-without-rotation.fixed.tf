resource "aws_kms_key" "bad1" {
  # ruleid: terraform.aws.key-without-rotation
  enable_key_rotation = true
}
resource "aws_kms_key" "bad2" {
  # ruleid: terraform.aws.key-without-rotation
  enable_key_rotation = true
}
resource "aws_kms_key" "bad3" {
  # ruleid: terraform.aws.key-without-rotation
  enable_key_rotation = true
}
resource "aws_kms_key" "good4" {
  # ok: terraform.aws.key-without-rotation
  enable_key_rotation = true
}
resource "aws_kms_key" "good5" {
  # ok: terraform.aws.key-without-rotation
  is_enabled = true
}
resource "aws_kms_key" "good6" {
  # ok: terraform.aws.key-without-rotation
  enable_key_rotation = true
}
resource "other_thing" "near" {
  # ok: terraform.aws.key-without-rotation
  enable_key_rotation = false
}
