resource "google_cloudfunctions_function_iam_member" "bad0" {
  # ruleid: terraform.gcp.function-open-to-everyone
  member = "allUsers"
}
resource "google_cloud_run_service_iam_member" "bad1" {
  # ruleid: terraform.gcp.function-open-to-everyone
  member = "allUsers"
}
resource "google_cloud_run_v2_service_iam_member" "bad2" {
  # ruleid: terraform.gcp.function-open-to-everyone
  member = "allUsers"
}
resource "google_cloudfunctions_function_iam_member" "good0" {
  # ok: terraform.gcp.function-open-to-everyone
  member = "serviceAccount:a@b"
}
resource "google_cloud_run_service_iam_member" "good1" {
  # ok: terraform.gcp.function-open-to-everyone
  role = "roles/run.invoker"
}
resource "other_thing" "near" {
  # ok: terraform.gcp.function-open-to-everyone
  member = "allUsers"
}
