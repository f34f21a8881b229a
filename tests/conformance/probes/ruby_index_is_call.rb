# ruleid: ruby_index_is_call
a = params[:name]
# ruleid: ruby_index_is_call
b = params.require
c = other[:name]
