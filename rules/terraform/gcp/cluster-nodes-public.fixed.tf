resource "google_container_cluster" "bad0" {
  # ruleid: terraform.gcp.cluster-nodes-public
  enable_private_nodes = true
}
resource "google_container_cluster" "bad1" {
  # ruleid: terraform.gcp.cluster-nodes-public
  enable_private_nodes = true
}
resource "google_container_cluster" "bad2" {
  # ruleid: terraform.gcp.cluster-nodes-public
  enable_private_nodes = true
}
resource "google_container_cluster" "good0" {
  # ok: terraform.gcp.cluster-nodes-public
  enable_private_nodes = true
}
resource "google_container_cluster" "good1" {
  # ok: terraform.gcp.cluster-nodes-public
  name = "a"
}
resource "other_thing" "near" {
  # ok: terraform.gcp.cluster-nodes-public
  enable_private_nodes = false
}
