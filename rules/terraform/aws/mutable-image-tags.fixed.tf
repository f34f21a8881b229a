resource "aws_ecr_repository" "bad1" {
  # ruleid: terraform.aws.mutable-image-tags
  image_tag_mutability = "IMMUTABLE"
}
resource "aws_ecr_repository" "bad2" {
  # ruleid: terraform.aws.mutable-image-tags
  image_tag_mutability = "IMMUTABLE"
}
resource "aws_ecr_repository" "bad3" {
  # ruleid: terraform.aws.mutable-image-tags
  image_tag_mutability = "IMMUTABLE"
}
resource "aws_ecr_repository" "good4" {
  # ok: terraform.aws.mutable-image-tags
  image_tag_mutability = "IMMUTABLE"
}
resource "aws_ecr_repository" "good5" {
  # ok: terraform.aws.mutable-image-tags
  name = "MUTABLE"
}
resource "aws_ecr_repository" "good6" {
  # ok: terraform.aws.mutable-image-tags
  image_tag_mutability = "IMMUTABLE"
}
resource "other_thing" "near" {
  # ok: terraform.aws.mutable-image-tags
  image_tag_mutability = "MUTABLE"
}
