resource "google_storage_bucket_iam_binding" "bad1" {
  # ruleid: terraform.gcp.public-bucket
  member = "allUsers"
}
resource "google_storage_bucket_access_control" "bad2" {
  # ruleid: terraform.gcp.public-bucket
  members = ["allAuthenticatedUsers"]
}
resource "google_project_iam_member" "bad3" {
  # ruleid: terraform.gcp.public-bucket
  entity = "allUsers"
}
resource "google_cloudfunctions_function_iam_member" "good4" {
  # ok: terraform.gcp.public-bucket
  member = "user:a@example.com"
}
resource "google_bigquery_dataset_iam_member" "good5" {
  # ok: terraform.gcp.public-bucket
  members = ["group:b@example.com"]
}
resource "google_storage_bucket_iam_member" "good6" {
  # ok: terraform.gcp.public-bucket
  member = "user:a@example.com"
}
resource "other_thing" "near" {
  # ok: terraform.gcp.public-bucket
  member = "allUsers"
}
