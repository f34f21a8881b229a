resource "google_compute_instance" "bad1" {
  # ruleid: terraform.gcp.legacy-cluster-access
  enable_legacy_abac = true
}
resource "google_container_cluster" "bad2" {
  # ruleid: terraform.gcp.legacy-cluster-access
  enable_legacy_abac = true
}
resource "google_compute_instance" "bad3" {
  # ruleid: terraform.gcp.legacy-cluster-access
  enable_legacy_abac = true
}
resource "google_container_cluster" "good4" {
  # ok: terraform.gcp.legacy-cluster-access
  enable_legacy_abac = false
}
resource "google_compute_instance" "good5" {
  # ok: terraform.gcp.legacy-cluster-access
  enable_shielded_nodes = true
}
resource "google_container_cluster" "good6" {
  # ok: terraform.gcp.legacy-cluster-access
  enable_legacy_abac = false
}
resource "other_thing" "near" {
  # ok: terraform.gcp.legacy-cluster-access
  enable_legacy_abac = true
}
