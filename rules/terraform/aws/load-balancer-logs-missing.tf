# ruleid: terraform.aws.load-balancer-logs-missing
resource "aws_lb" "bad0" {
  name = "a"
}
# ruleid: terraform.aws.load-balancer-logs-missing
resource "aws_alb" "bad1" {
  name = "a"
}
# ruleid: terraform.aws.load-balancer-logs-missing
resource "aws_lb" "bad2" {
  name = "a"
}
# ok: terraform.aws.load-balancer-logs-missing
resource "aws_lb" "good0" {
  name = "a"
  access_logs {
    bucket = "logs"
  }
}
# ok: terraform.aws.load-balancer-logs-missing
resource "aws_alb" "good1" {
  name = "a"
  access_logs {
    bucket = "logs"
  }
}
# ok: terraform.aws.load-balancer-logs-missing
resource "other_thing" "near" {
  name = "a"
}
