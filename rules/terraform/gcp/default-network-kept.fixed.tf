resource "google_project" "bad0" {
  # ruleid: terraform.gcp.default-network-kept
  auto_create_network = false
}
resource "google_project" "bad1" {
  # ruleid: terraform.gcp.default-network-kept
  auto_create_network = false
}
resource "google_project" "bad2" {
  # ruleid: terraform.gcp.default-network-kept
  auto_create_network = false
}
resource "google_project" "good0" {
  # ok: terraform.gcp.default-network-kept
  auto_create_network = false
}
resource "google_project" "good1" {
  # ok: terraform.gcp.default-network-kept
  name = "a"
}
resource "other_thing" "near" {
  # ok: terraform.gcp.default-network-kept
  auto_create_network = true
}
