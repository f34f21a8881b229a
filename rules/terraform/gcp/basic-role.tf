resource "google_project_iam_binding" "bad1" {
  # ruleid: terraform.gcp.basic-role
  role = "roles/owner"
}
resource "google_folder_iam_member" "bad2" {
  # ruleid: terraform.gcp.basic-role
  role = "roles/editor"
}
resource "google_organization_iam_member" "bad3" {
  # ruleid: terraform.gcp.basic-role
  role = "roles/owner"
}
resource "google_project_iam_member" "good4" {
  # ok: terraform.gcp.basic-role
  role = "roles/viewer"
}
resource "google_project_iam_binding" "good5" {
  # ok: terraform.gcp.basic-role
  role = "roles/storage.objectViewer"
}
resource "google_folder_iam_member" "good6" {
  # ok: terraform.gcp.basic-role
  role = "roles/viewer"
}
resource "other_thing" "near" {
  # ok: terraform.gcp.basic-role
  role = "roles/owner"
}
