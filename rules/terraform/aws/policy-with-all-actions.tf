data "aws_iam_policy_document" "one" {
  # ruleid: terraform.aws.policy-with-all-actions
  statement {
    actions   = ["*"]
    resources = ["*"]
  }
  # ok: terraform.aws.policy-with-all-actions
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
  # ok: terraform.aws.policy-with-all-actions
  statement {
    effect    = "Deny"
    actions   = ["*"]
    resources = ["*"]
  }
}
resource "aws_iam_policy" "two" {
  policy = jsonencode({
    Statement = [
      # ruleid: terraform.aws.policy-with-all-actions
      { Effect = "Allow", Action = "*", Resource = "*" },
      # ruleid: terraform.aws.policy-with-all-actions
      { Effect = "Allow", Action = ["*"], Resource = "*" },
      # ok: terraform.aws.policy-with-all-actions
      { Effect = "Allow", Action = "s3:GetObject", Resource = "*" },
      # ok: terraform.aws.policy-with-all-actions
      { Effect = "Deny", Action = "*", Resource = "*" },
    ]
  })
}
