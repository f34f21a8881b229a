resource "google_bigquery_dataset" "bad0" {
  # ruleid: terraform.gcp.dataset-open-to-everyone
  special_group = "allAuthenticatedUsers"
}
resource "google_bigquery_dataset_access" "bad1" {
  # ruleid: terraform.gcp.dataset-open-to-everyone
  iam_member = "allUsers"
}
resource "google_bigquery_dataset" "bad2" {
  # ruleid: terraform.gcp.dataset-open-to-everyone
  special_group = "allAuthenticatedUsers"
}
resource "google_bigquery_dataset" "good0" {
  # ok: terraform.gcp.dataset-open-to-everyone
  special_group = "projectReaders"
}
resource "google_bigquery_dataset_access" "good1" {
  # ok: terraform.gcp.dataset-open-to-everyone
  role = "READER"
}
resource "other_thing" "near" {
  # ok: terraform.gcp.dataset-open-to-everyone
  special_group = "allAuthenticatedUsers"
}
