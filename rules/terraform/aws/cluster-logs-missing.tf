# ruleid: terraform.aws.cluster-logs-missing
resource "aws_eks_cluster" "bad0" {
  name = "a"
}
# ruleid: terraform.aws.cluster-logs-missing
resource "aws_eks_cluster" "bad1" {
  name = "a"
}
# ruleid: terraform.aws.cluster-logs-missing
resource "aws_eks_cluster" "bad2" {
  name = "a"
}
# ok: terraform.aws.cluster-logs-missing
resource "aws_eks_cluster" "good0" {
  name = "a"
  enabled_cluster_log_types = ["api", "audit"]
}
# ok: terraform.aws.cluster-logs-missing
resource "aws_eks_cluster" "good1" {
  name = "a"
  enabled_cluster_log_types = ["api", "audit"]
}
# ok: terraform.aws.cluster-logs-missing
resource "other_thing" "near" {
  name = "a"
}
