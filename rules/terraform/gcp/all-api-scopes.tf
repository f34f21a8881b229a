resource "google_compute_instance" "bad0" {
  # ruleid: terraform.gcp.all-api-scopes
  scopes = ["cloud-platform"]
}
resource "google_container_node_pool" "bad1" {
  # ruleid: terraform.gcp.all-api-scopes
  scopes = ["https://www.googleapis.com/auth/cloud-platform"]
}
resource "google_compute_instance" "bad2" {
  # ruleid: terraform.gcp.all-api-scopes
  scopes = ["cloud-platform"]
}
resource "google_compute_instance" "good0" {
  # ok: terraform.gcp.all-api-scopes
  scopes = ["logging-write"]
}
resource "google_container_node_pool" "good1" {
  # ok: terraform.gcp.all-api-scopes
  name = "a"
}
resource "other_thing" "near" {
  # ok: terraform.gcp.all-api-scopes
  scopes = ["cloud-platform"]
}
