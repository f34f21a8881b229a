class User < ApplicationRecord
  # ruleid: ruby.rails.line-anchors-in-validation
  validates :name, format: { with: /^[a-z]+$/ }
  # ruleid: ruby.rails.line-anchors-in-validation
  validates :mail, format: { with: /^.+@.+$/i, multiline: true }
  # ruleid: ruby.rails.line-anchors-in-validation
  validates_format_of :code, with: /^\d+$/
  # ok: ruby.rails.line-anchors-in-validation
  validates :name, format: { with: /\A[a-z]+\z/ }
  # ok: ruby.rails.line-anchors-in-validation
  validates :age, numericality: true
  # ok: ruby.rails.line-anchors-in-validation
  PATTERN = /^[a-z]+$/
end
