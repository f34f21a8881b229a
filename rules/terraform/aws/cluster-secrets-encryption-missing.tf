# ruleid: terraform.aws.cluster-secrets-encryption-missing
resource "aws_eks_cluster" "bad0" {
  name = "a"
}
# ruleid: terraform.aws.cluster-secrets-encryption-missing
resource "aws_eks_cluster" "bad1" {
  name = "a"
}
# ruleid: terraform.aws.cluster-secrets-encryption-missing
resource "aws_eks_cluster" "bad2" {
  name = "a"
}
# ok: terraform.aws.cluster-secrets-encryption-missing
resource "aws_eks_cluster" "good0" {
  name = "a"
  encryption_config {
    resources = ["secrets"]
  }
}
# ok: terraform.aws.cluster-secrets-encryption-missing
resource "aws_eks_cluster" "good1" {
  name = "a"
  encryption_config {
    resources = ["secrets"]
  }
}
# ok: terraform.aws.cluster-secrets-encryption-missing
resource "other_thing" "near" {
  name = "a"
}
