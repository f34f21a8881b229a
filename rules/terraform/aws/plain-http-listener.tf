resource "aws_alb_listener" "bad1" {
  # ruleid: terraform.aws.plain-http-listener
  protocol = "HTTP"
}
resource "aws_lb_listener" "bad2" {
  # ruleid: terraform.aws.plain-http-listener
  protocol = "HTTP"
}
resource "aws_alb_listener" "bad3" {
  # ruleid: terraform.aws.plain-http-listener
  protocol = "HTTP"
}
resource "aws_lb_listener" "good4" {
  # ok: terraform.aws.plain-http-listener
  protocol = "HTTPS"
}
resource "aws_alb_listener" "good5" {
  # ok: terraform.aws.plain-http-listener
  protocol = "TLS"
}
resource "aws_lb_listener" "good6" {
  # ok: terraform.aws.plain-http-listener
  protocol = "HTTPS"
}
resource "other_thing" "near" {
  # ok: terraform.aws.plain-http-listener
  protocol = "HTTP"
}
