data "aws_iam_policy_document" "one" {
  statement {
    actions = ["s3:GetObject"]
    # ruleid: terraform.aws.policy-for-everyone
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
  statement {
    effect  = "Deny"
    actions = ["s3:*"]
    # ok: terraform.aws.policy-for-everyone
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
resource "aws_s3_bucket_policy" "two" {
  policy = jsonencode({
    Statement = [
      # ruleid: terraform.aws.policy-for-everyone
      { Effect = "Allow", Principal = "*", Action = "s3:GetObject" },
      # ruleid: terraform.aws.policy-for-everyone
      { Effect = "Allow", Principal = { AWS = "*" }, Action = "s3:GetObject" },
      # ok: terraform.aws.policy-for-everyone
      { Effect = "Allow", Principal = { AWS = "123456789012" }, Action = "s3:GetObject" },
      # ok: terraform.aws.policy-for-everyone
      { Effect = "Deny", Principal = "*", Action = "s3:GetObject" },
    ]
  })
}
