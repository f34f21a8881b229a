resource "aws_eks_cluster" "bad1" {
  vpc_config {
  # ruleid: terraform.aws.public-cluster-endpoint
  public_access_cidrs = ["0.0.0.0/0"]
  }
}
resource "aws_eks_cluster" "bad2" {
  vpc_config {
  # ruleid: terraform.aws.public-cluster-endpoint
  public_access_cidrs = ["0.0.0.0/0"]
  }
}
resource "aws_eks_cluster" "bad3" {
  vpc_config {
  # ruleid: terraform.aws.public-cluster-endpoint
  public_access_cidrs = ["0.0.0.0/0"]
  }
}
resource "aws_eks_cluster" "good4" {
  vpc_config {
  # ok: terraform.aws.public-cluster-endpoint
  public_access_cidrs = ["192.0.2.0/24"]
  }
}
resource "aws_eks_cluster" "good5" {
  vpc_config {
  # ok: terraform.aws.public-cluster-endpoint
  endpoint_private_access = true
  }
}
resource "aws_eks_cluster" "good6" {
  vpc_config {
  # ok: terraform.aws.public-cluster-endpoint
  public_access_cidrs = ["192.0.2.0/24"]
  }
}
resource "other_thing" "near" {
  # ok: terraform.aws.public-cluster-endpoint
  public_access_cidrs = ["0.0.0.0/0"]
}
