# What is compiled for the image takes headers and libraries from Debian's packages of its architecture, none from this machine.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR @processor@)
set(CMAKE_SYSROOT @sysroot@)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
# Debian's folder of the architecture.
set(CMAKE_LIBRARY_ARCHITECTURE @processor@-linux-gnu)
# What it tries out must link as the executable does.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static -fuse-ld=lld")
