# ruleid: terraform.aws.image-scan-missing
resource "aws_ecr_repository" "bad0" {
  name = "a"
}
# ruleid: terraform.aws.image-scan-missing
resource "aws_ecr_repository" "bad1" {
  name = "a"
}
# ruleid: terraform.aws.image-scan-missing
resource "aws_ecr_repository" "bad2" {
  name = "a"
}
# ok: terraform.aws.image-scan-missing
resource "aws_ecr_repository" "good0" {
  name = "a"
  image_scanning_configuration {
    scan_on_push = true
  }
}
# ok: terraform.aws.image-scan-missing
resource "aws_ecr_repository" "good1" {
  name = "a"
  image_scanning_configuration {
    scan_on_push = true
  }
}
# ok: terraform.aws.image-scan-missing
resource "other_thing" "near" {
  name = "a"
}
